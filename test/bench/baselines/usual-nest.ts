import { readFileSync } from 'node:fs';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Body, Controller, Get, Inject, Injectable, Module, Param, Post, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportModule, PassportStrategy } from '@nestjs/passport';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Redis } from 'ioredis';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { firstValueFrom } from 'rxjs';

/** The gateway as most would write it: each token verified each time, each answer in Redis. No owners, no limits. */
const { PORT, ORIGIN = '', PUBLIC_KEY_FILE = '', ISSUER = '', AUDIENCE = '', REDIS_URL = '' } = process.env;
const API = `${ORIGIN}/api/web/v1`;
const headers = { authorization: 'Bearer of-the-upstream' };

@Injectable()
class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKey: readFileSync(PUBLIC_KEY_FILE, 'utf8'),
      algorithms: ['RS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
    });
  }

  validate(claims: { sub: string }) {
    return { subject: claims.sub };
  }
}

@Controller('api/web/v1')
@UseGuards(AuthGuard('jwt'))
class PrintController {
  private readonly redis = new Redis(REDIS_URL);

  constructor(@Inject(HttpService) private readonly http: HttpService) {}

  @Get('printers/print/:id')
  getPrintStatus(@Param('id') id: string) {
    return this.cached(`usual:${id}`, `${API}/printers/print/${id}`);
  }

  @Get('printcounts')
  getPrintCounts() {
    return this.cached('usual:counts', `${API}/printcounts`);
  }

  @Post('printers/:id/print')
  async print(@Param('id') id: string, @Body() body: object) {
    const { data } = await firstValueFrom(
      this.http.post<object>(`${API}/printers/${id}/print`, body, { headers }),
    );
    return data;
  }

  private async cached(key: string, url: string): Promise<object> {
    const known = await this.redis.get(key);
    if (known !== null) return JSON.parse(known) as object;
    const { data } = await firstValueFrom(this.http.get<{ status?: string }>(url, { headers }));
    await this.redis.set(key, JSON.stringify(data), 'EX', data.status === 'IN_PROGRESS' ? 1 : 600);
    return data;
  }
}

@Module({ imports: [HttpModule, PassportModule], controllers: [PrintController], providers: [JwtStrategy] })
class UsualModule {}

const app = await NestFactory.create<NestExpressApplication>(UsualModule, { logger: false });
app.useBodyParser('json', { limit: '20mb' });
await app.listen(Number(PORT), '127.0.0.1');
