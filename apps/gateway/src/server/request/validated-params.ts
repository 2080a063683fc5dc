import { Body, Query } from '@nestjs/common';
import { ValidatingPipe } from './validating.pipe.js';

/** The body, as the DTO that the parameter names, with every rule of it held. */
export const ValidatedBody = () => Body(ValidatingPipe);

/** The query, likewise. */
export const ValidatedQuery = () => Query(ValidatingPipe);
