import { Injectable } from '@nestjs/common';
import {
  Validate,
  ValidatorConstraint,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { GatewayConfig } from '../gateway.config.js';
import { cardImageFault } from './card-image.js';

/** Looks at the image once; the message is asked for right after a refusal, for the same value. */
@Injectable()
@ValidatorConstraint({ name: 'cardImage' })
export class CardImageConstraint implements ValidatorConstraintInterface {
  private fault: string | undefined;

  constructor(private readonly config: GatewayConfig) {}

  validate(value: unknown): boolean {
    const { imageMinSidePixels: minPixels, imageMaxSidePixels: maxPixels } = this.config;
    this.fault = cardImageFault(value, { minPixels, maxPixels });
    return this.fault === undefined;
  }

  defaultMessage({ property }: ValidationArguments): string {
    return `${property} ${this.fault}`;
  }
}

/** The member is a JPEG or PNG image as base64, within the configured bounds. */
export function IsCardImage(): PropertyDecorator {
  return Validate(CardImageConstraint);
}
