import { Module } from '@nestjs/common';
import { useContainer } from 'class-validator';
import { IdaasModule } from '#libs/idaas';
import { CardImageConstraint } from './card-image.decorator.js';
import { PrintController } from './print.controller.js';
import { PrintService } from './print.service.js';

@Module({
  imports: [IdaasModule],
  controllers: [PrintController],
  providers: [PrintService, CardImageConstraint],
})
export class PrintModule {
  /** class-validator makes its own constraints; the one that has a setting comes from here. */
  constructor(constraint: CardImageConstraint) {
    const get = (type: unknown) => (type === CardImageConstraint ? constraint : undefined);
    useContainer({ get: get as never }, { fallback: true });
  }
}
