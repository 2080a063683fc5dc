import type { Permission } from '#libs/contract';

const permissionOf = new WeakMap<object, Permission>();

/** What a route needs. A route without it is answered to nobody; the guard reads it without reflection. */
export function Requires(permission: Permission): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    permissionOf.set(descriptor.value as object, permission);
  };
}

export function requiredPermission(handler: object): Permission | undefined {
  return permissionOf.get(handler);
}
