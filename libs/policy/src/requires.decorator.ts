import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
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

const Requirement = Reflector.createDecorator<Requirement>();

/** What a route needs. A route of a controller without it is answered to nobody. */
export function Requires(requirement: Requirement): MethodDecorator {
  // For Nest's `Reflector`, and for Fastify, which asks before Nest sees a request.
  return applyDecorators(Requirement(requirement), routeConfig({ requires: requirement }));
}

/** Adds to what Fastify knows of a route from its start on (`request.routeOptions.config`); Nest's own decorator replaces all of it. */
export function routeConfig(config: FastifyContextConfig): MethodDecorator {
  return (_target, _name, descriptor: PropertyDescriptor) => {
    const decorate = RouteConfig(config);
    const handler = descriptor.value as object;
    const known = Reflect.getMetadata(decorate.KEY, handler) as FastifyContextConfig | undefined;
    Reflect.defineMetadata(decorate.KEY, { ...known, ...config }, handler);
  };
}

/** What the handler of a route needs; undefined where nothing was said, and nobody may. */
export function requirementOf(handler: (...args: never[]) => unknown): Requirement | undefined {
  return new Reflector().get(Requirement, handler);
}
