import type { Permission } from '#libs/contract';

/** What a route needs: a permission, or no more than a caller who is known. */
export type Requirement = Permission | 'a known caller';

const requirements = new WeakMap<object, Requirement>();

/** What a route needs. A route without it is answered to nobody; the guard reads it without reflection. */
export function Requires(requirement: Requirement): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    requirements.set(descriptor.value as object, requirement);
  };
}

/** What the route with this handler needs; undefined where nothing was said, and nobody may. */
export function requirement(handler: object): Requirement | undefined {
  return requirements.get(handler);
}

/** The same, of a controller's route by its name. */
export function requirementOf<C extends object>(
  controller: { readonly prototype: C },
  route: keyof C,
): Requirement | undefined {
  return requirement(controller.prototype[route] as object);
}
