import tseslint from 'typescript-eslint';

/** Domain files: no clock, no chance, no machine, no waiting, no floating point. What they may import stands in .dependency-cruiser.cjs. */
const domain = [
  'libs/foundation/kernel/src/**/*.ts',
  'libs/capabilities/*/*/src/**/*.{events,state,record,view,rule,reaction,alerts,register,manifest}.ts',
  'libs/capabilities/*/*/src/contract.ts',
];

export default [
  { ignores: ['dist/**', 'node_modules/**'] },
  {
    files: ['{apps,libs,test,infra}/**/*.ts'],
    ignores: ['apps/console/**'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: './tsconfig.json', emitDecoratorMetadata: true, experimentalDecorators: true },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      'no-console': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: domain,
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'Date',
          'Intl',
          'process',
          'crypto',
          'fetch',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'console',
          'performance',
          'globalThis',
          'Buffer',
        ],
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'AwaitExpression, ForOfStatement[await=true]', message: 'Domain code is synchronous.' },
        {
          selector:
            'Literal[raw=/^[0-9_]*([.]|[0-9]e-)[0-9]/i], CallExpression[callee.name=/^(Number|parseFloat)$/], ' +
            "MemberExpression[object.name='Number'][property.name='parseFloat'], UnaryExpression[operator='+']",
          message: 'No floating point in the domain: see decimal.ts of the kernel.',
        },
        {
          selector: "BinaryExpression[operator=/^([<>]=?|[=!]==)$/] > CallExpression[callee.name='dayOf']",
          message: 'A day has no zone: ask hasBegun or hasEnded of the kernel.',
        },
      ],
    },
  },
  {
    files: ['apps/console/src/**/*.{ts,tsx}'],
    ignores: ['**/*.spec.ts', '**/*.d.ts'],
    plugins: { '@typescript-eslint': tseslint.plugin },
    // Without types: those of its documents take half a minute to make, and the compiler looks at them anyway.
    languageOptions: { parser: tseslint.parser },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-globals': ['error', 'sessionStorage', 'indexedDB', 'caches', 'eval', 'Function'],
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'srcdoc'].map((property) => ({
          property,
          message: 'The page makes no HTML from text.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name=/^(dangerouslySetInnerHTML|srcDoc)$/]',
          message: 'The page makes no HTML from text.',
        },
        {
          selector: "JSXAttribute[name.name='style'] > Literal, JSXOpeningElement[name.name=/^(style|script|iframe)$/]",
          message: 'The policy lets no inline style, script or frame through.',
        },
        {
          selector:
            "CallExpression[callee.object.name='localStorage'][callee.property.name='setItem'] > :nth-child(1):not(Identifier[name='KEPT_AS'])",
          message: 'Nothing but preferences of the device is kept in a browser.',
        },
      ],
    },
  },
  {
    files: ['libs/capabilities/**/*.resolver.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/graphql',
              importNames: ['Mutation'],
              message: 'A mutation is made from a command that a record type declares.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['{apps,libs}/**/*.ts'],
    ignores: ['apps/console/**', '**/*.spec.ts', ...domain, 'libs/foundation/bus/src/issue.command.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression > MemberExpression[property.name='issue']:matches([object.name='pipeline'], [object.property.name='pipeline'])",
          message: 'Commands go over the bus: see Issuer. The pipeline takes them from its handler alone.',
        },
      ],
    },
  },
];
