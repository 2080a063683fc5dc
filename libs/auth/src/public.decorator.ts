const publicRoutes = new WeakSet<object>();

/** A route that needs no access token. Every other route does. */
export function Public(): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    publicRoutes.add(descriptor.value as object);
  };
}

/** Whether the route's method was declared with {@link Public}. */
export function isPublic(handler: object): boolean {
  return publicRoutes.has(handler);
}
