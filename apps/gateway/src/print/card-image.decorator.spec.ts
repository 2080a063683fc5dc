import type { ValidationArguments } from 'class-validator';
import { loadConfig } from '#libs/config';
import { base64, png } from '../../../../test/support/some.js';
import { GatewayConfig } from '../gateway.config.js';
import { CardImageConstraint } from './card-image.decorator.js';

describe('the sides of a card’s image', () => {
  const faultOf = (environment: Record<string, string>, width: number, height: number) => {
    const constraint = new CardImageConstraint(loadConfig([GatewayConfig], environment).get(GatewayConfig));
    const isValid = constraint.validate(base64(png(width, height)));
    return isValid ? undefined : constraint.defaultMessage({ property: 'data' } as ValidationArguments);
  };

  it('may be one pixel long and 4,096, unless something else is set', () => {
    expect(faultOf({}, 1, 1)).toBeUndefined();
    expect(faultOf({}, 4_096, 1)).toBeUndefined();
    expect(faultOf({}, 4_097, 1)).toBe('data must be at most 4096 pixels wide and high');
  });

  it('are as long as the settings say, both of them', () => {
    const bounds = { IMAGE_MIN_SIDE_PIXELS: '8', IMAGE_MAX_SIDE_PIXELS: '10' };
    expect(faultOf(bounds, 8, 10)).toBeUndefined();
    expect(faultOf(bounds, 7, 10)).toBe('data must be at least 8 pixels wide and high');
    expect(faultOf(bounds, 10, 7)).toBe('data must be at least 8 pixels wide and high');
    expect(faultOf(bounds, 11, 8)).toBe('data must be at most 10 pixels wide and high');
  });
});
