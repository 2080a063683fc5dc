import { Module } from '@nestjs/common';
import { IdaasModule } from '#libs/idaas';
import { PrintersController } from './printers.controller.js';
import { PrintersService } from './printers.service.js';

@Module({ imports: [IdaasModule], controllers: [PrintersController], providers: [PrintersService] })
export class PrintersModule {}
