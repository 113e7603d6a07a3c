import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { badDocument } from '@foundation/graphql';

/** What a client sends of an operation. */
type Asked = {
  readonly query?: string | null | undefined;
  readonly documentId?: unknown;
  readonly extensions?: { readonly persistedQuery?: { readonly sha256Hash?: unknown } } | null | undefined;
};

/** The documents that an installation answers, where it answers no others. */
export class TrustedDocuments {
  #byHash: ReadonlyMap<string, string>;
  /** Those of the platform's own, which no list takes away. */
  #own: ReadonlyMap<string, string> = new Map();

  /** @param documents texts of GraphQL documents */
  constructor(documents: readonly string[]) {
    this.#byHash = hashed(documents);
  }

  /**
   * Reads a JSON file: an object whose values are the texts, as tools for clients write it, or a list of them. Its keys
   * count for nothing; a document is known by the SHA-256 of its text.
   * @throws Error whose message finishes the sentence "<NAME> …"
   */
  static read(file: string): TrustedDocuments {
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      throw new Error(`names ${file}, which cannot be read as JSON: ${(error as Error).message}`);
    }
    const documents = Object.values(content ?? {});
    if (typeof content !== 'object' || documents.some((each) => typeof each !== 'string'))
      throw new Error(`names ${file}, which holds something else than texts of GraphQL documents`);
    return new TrustedDocuments(documents as string[]);
  }

  /** Answers these too, whatever the list is or becomes. */
  alwaysToo(documents: readonly string[]): this {
    this.#own = hashed(documents);
    return this;
  }

  /** From now on those of the other are answered, and no others. */
  replaceBy(other: TrustedDocuments): void {
    this.#byHash = other.#byHash;
  }

  /**
   * The text of a document that is asked for by its hash (`documentId: "sha256:…"` of the GraphQL over HTTP draft, or
   * `extensions.persistedQuery.sha256Hash` of Apollo) or by the text itself.
   * @throws GraphQLError UNKNOWN_DOCUMENT when it is none of these
   */
  textOf({ query, extensions, documentId }: Asked): string {
    const named =
      typeof documentId === 'string' ? documentId.replace(/^sha256:/, '') : extensions?.persistedQuery?.sha256Hash;
    const hash = typeof query === 'string' ? sha256(query) : typeof named === 'string' ? named : '';
    const text = this.#byHash.get(hash) ?? this.#own.get(hash);
    if (text === undefined) throw badDocument();
    return text;
  }
}

const hashed = (documents: readonly string[]): ReadonlyMap<string, string> =>
  new Map(documents.map((text) => [sha256(text), text]));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
