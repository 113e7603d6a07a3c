import { Controller, Get, HttpException } from '@nestjs/common';
import { Readiness } from './readiness.js';

/** For whoever watches the process. Says which part is down, and nothing of what is in it: anybody may ask. */
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process answers. */
  @Get('live')
  live(): { live: true } {
    return { live: true };
  }

  /** 200, or 503 with the part because of which people are to be sent elsewhere. */
  @Get('ready')
  async ready(): Promise<Readonly<Record<string, string>>> {
    const { isReady, parts } = await this.readiness.look();
    if (!isReady) throw new HttpException(parts, 503);
    return parts;
  }
}
