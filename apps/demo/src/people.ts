import { developmentPlatform, type DevelopmentPlatform } from '@adapters/identity-oidc';
import { LodestoneClient } from '@adapters/lodestone-client';

/** The fictional people of the story, each with a client of the API. */
export class People {
  readonly #clients = new Map<string, LodestoneClient>();

  private constructor(private readonly platform: DevelopmentPlatform) {}

  static async of(folder: string): Promise<People> {
    return new People(await developmentPlatform(folder));
  }

  /** `EU DELEGATE`, `JP LIAISON+APPROVER`, `SECRETARIAT`; a number after it is another person with the same roles. */
  as(who: string): LodestoneClient {
    const known = this.#clients.get(who);
    if (known) return known;
    const [, country, roles, person] = /^(?:([A-Z]{2}) )?([A-Z+]+)(?: (\d))?$/.exec(who)!;
    const token = this.platform.tokenOf({ country: country ?? null, roles: roles!.split('+'), person });
    const client = new LodestoneClient({ url: this.platform.graphql, token });
    this.#clients.set(who, client);
    return client;
  }

  async leave(): Promise<void> {
    await Promise.all([...this.#clients.values()].map((client) => client.close()));
  }
}
