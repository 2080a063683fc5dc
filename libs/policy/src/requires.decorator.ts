import type { Permission } from '#libs/contract';

/** What a route needs: a permission, or no more than a caller who is known. */
export type Requirement = Permission | 'a known caller';

const requirementOf = new WeakMap<object, Requirement>();

/** What a route needs. A route without it is answered to nobody; the guard reads it without reflection. */
export function Requires(requirement: Requirement): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    requirementOf.set(descriptor.value as object, requirement);
  };
}

export function requirement(handler: object): Requirement | undefined {
  return requirementOf.get(handler);
}
