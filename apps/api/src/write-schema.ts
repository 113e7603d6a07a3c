import { writeFileSync } from 'node:fs';
import { schemaText } from './schema.js';

/** `npm run schema`: writes docs/schema.graphql. */
writeFileSync('docs/schema.graphql', await schemaText());
