/**
 * A decorator of a parameter that tells the OpenAPI document what it reads, and which problems that may cause. Swagger's own
 * decorators describe methods.
 */
export function documentedParam(
  param: () => ParameterDecorator,
  ...descriptions: readonly MethodDecorator[]
): () => ParameterDecorator {
  return () => (controller, method, index) => {
    param()(controller, method, index);
    const route = method && Object.getOwnPropertyDescriptor(controller, method);
    if (route) descriptions.forEach((describe) => describe(controller, method, route));
  };
}
