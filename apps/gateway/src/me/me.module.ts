import { Module } from '@nestjs/common';
import { LimitsModule } from '#libs/limits';
import { PolicyModule } from '#libs/policy';
import { PrintersModule } from '../printers/printers.module.js';
import { MeController } from './me.controller.js';
import { MeService } from './me.service.js';

@Module({
  imports: [LimitsModule, PolicyModule, PrintersModule],
  controllers: [MeController],
  providers: [MeService],
})
export class MeModule {}
