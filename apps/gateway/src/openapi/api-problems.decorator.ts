const METADATA = 'api-problems';

/** Which problems a route can answer with, by the names of their kinds, beyond those that any route may have. Several of these add up. */
export function ApiProblems(...names: readonly string[]): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    const handler = descriptor.value as object;
    Reflect.defineMetadata(METADATA, [...problemsOf(handler), ...names], handler);
  };
}

/** What {@link ApiProblems} says of a route. */
export function problemsOf(handler: object): readonly string[] {
  return (Reflect.getMetadata(METADATA, handler) as readonly string[] | undefined) ?? [];
}
