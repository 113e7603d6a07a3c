type Payload = Readonly<Record<string, unknown>> & {
  readonly uid?: string;
  readonly userCode?: string;
  readonly grantId?: string;
};
type Kept = { payload: Payload; readonly until: number };

/** As many as anybody at one machine needs; the oldest go first. */
const MOST = 1_000;

/** What a sign-in under way needs, of one kind, until the provider ends: the storage that `oidc-provider` asks for. */
export class MemoryStore {
  readonly #kept = new Map<string, Kept>();
  static readonly #all = new Map<string, MemoryStore>();

  /** Stores of one kind are one store: the provider makes several. */
  constructor(kind: string) {
    const known = MemoryStore.#all.get(kind);
    if (known) return known;
    MemoryStore.#all.set(kind, this);
  }

  async upsert(id: string, payload: Payload, expiresIn: number): Promise<void> {
    this.#kept.delete(id);
    this.#kept.set(id, { payload, until: Date.now() + expiresIn * 1_000 });
    if (this.#kept.size > MOST) this.#kept.delete(this.#kept.keys().next().value!);
  }

  async find(id: string): Promise<Payload | undefined> {
    const kept = this.#kept.get(id);
    return kept && kept.until > Date.now() ? kept.payload : undefined;
  }

  async findByUid(uid: string): Promise<Payload | undefined> {
    return [...this.#kept.values()].find(({ payload }) => payload.uid === uid)?.payload;
  }

  /** Device flows are not offered. */
  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const kept = this.#kept.get(id);
    if (kept) kept.payload = { ...kept.payload, consumed: Math.floor(Date.now() / 1_000) };
  }

  async destroy(id: string): Promise<void> {
    this.#kept.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, { payload }] of this.#kept) if (payload.grantId === grantId) this.#kept.delete(id);
  }
}
