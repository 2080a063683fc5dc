import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyContextConfig } from 'fastify';
import type { Permission } from '#libs/contract';

/** What a route needs: a permission, or no more than a caller who is known. */
export type Requirement = Permission | 'a known caller';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a route needs; one without it is answered to nobody, or registered beside the controllers for everybody. */
    requires?: Requirement;
  }
}

const requirements = new WeakMap<object, Requirement>();

/** What a route needs. A route of a controller without it is answered to nobody. */
export function Requires(requirement: Requirement): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    requirements.set(descriptor.value as object, requirement);
    addRouteConfig(descriptor, { requires: requirement });
  };
}

/** Adds to what Fastify knows of a route from its start on (`request.routeOptions.config`); Nest's own decorator replaces all of it. */
export function routeConfig(config: FastifyContextConfig): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => addRouteConfig(descriptor, config);
}

function addRouteConfig(descriptor: PropertyDescriptor, config: FastifyContextConfig): void {
  const decorate = RouteConfig(config);
  const known = Reflect.getMetadata(decorate.KEY, descriptor.value as object) as
    FastifyContextConfig | undefined;
  Reflect.defineMetadata(decorate.KEY, { ...known, ...config }, descriptor.value as object);
}

/** What a controller's route needs; undefined where nothing was said, and nobody may. */
export function requirementOf<C extends object>(
  controller: { readonly prototype: C },
  route: keyof C,
): Requirement | undefined {
  return requirements.get(controller.prototype[route] as object);
}
