import { Transform } from 'class-transformer';
import {
  Allow,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  Max,
  Min,
} from 'class-validator';
import {
  FEATURES,
  JOB_SCOPES,
  PERMISSIONS,
  type Feature,
  type JobScope,
  type Permission,
} from '#libs/contract';
import { Nested, NestedList, Optional } from '#libs/validation';

/** The policy file as it is written (docs/policy.md). Rules between its fields stand in `policy-file.ts` and `issuer-rules.ts`. */

const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'HS256',
  'HS384',
  'HS512',
];

/** One text or a list of them reads as a list. */
const AsList = () =>
  Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? [value] : value));

const Texts = (): PropertyDecorator => (target, name) => {
  [AsList(), IsArray(), ArrayNotEmpty(), IsString({ each: true }), IsNotEmpty({ each: true })].forEach(
    (rule) => rule(target, name),
  );
};

/** Each a path, or a mapping with one: `claim-rules.ts` reads them. */
export class ClaimsDocument {
  @Allow() readonly audience: unknown = 'aud';
  @Allow() readonly subject: unknown = 'sub';
  @Allow() readonly tenant?: unknown;
  @Allow() readonly client?: unknown;
  @Allow() readonly roles: unknown = ['roles', 'scope'];
}

export class IntrospectionDocument {
  @IsString() @IsNotEmpty() readonly endpoint!: string;
  @IsString() @IsNotEmpty() readonly clientId!: string;
  @Optional()
  @IsIn(['client_secret_basic', 'client_secret_post', 'private_key_jwt'])
  readonly authentication: string = 'client_secret_basic';
  @Optional() @IsString() @IsNotEmpty() readonly clientSecretFile?: string;
  @Optional() @IsString() @IsNotEmpty() readonly privateKeyFile?: string;
  @Optional() @IsString() @IsNotEmpty() readonly keyId?: string;
  @Optional() @IsIn(ALGORITHMS.filter((each) => !each.startsWith('HS'))) readonly algorithm: string = 'RS256';
  @Optional() @IsString() readonly tokenPrefix: string = '';
}

export class IssuerDocument {
  @IsString() @IsNotEmpty() readonly issuer!: string;
  /** For an issuer with a place for a tenant in it: whose tokens are taken. */
  @Optional() @Texts() readonly tenants?: string[];
  @Texts() readonly audience!: string[];
  @Optional() @Texts() @IsIn(ALGORITHMS, { each: true }) readonly algorithms: string[] = ['RS256'];
  @Optional() @IsString() @IsNotEmpty() readonly jwksUri?: string;
  @Optional() @IsString() @IsNotEmpty() readonly publicKeyFile?: string;
  @Optional() @IsString() @IsNotEmpty() readonly secretFile?: string;
  @Optional() @IsBoolean() readonly allowHttp: boolean = false;
  @Optional() @Nested(() => ClaimsDocument) readonly claims: ClaimsDocument = new ClaimsDocument();
  @Optional() @Nested(() => IntrospectionDocument) readonly introspection?: IntrospectionDocument;
  /** Read by `issuer-requirements.ts`. */
  @Allow() readonly require?: unknown;
  @Optional() @IsBoolean() readonly allowNonce: boolean = false;
  @Optional() @IsObject() readonly roleMapping: Record<string, unknown> = {};
}

export class LimitsDocument {
  @Optional() @IsInt() @Min(1) @Max(100_000) readonly copies: number = 1;
  @Optional() @IsInt() @Min(1) readonly cardsPerDay?: number;
  @Optional() @IsInt() @Min(1) readonly requestsPerMinute?: number;
}

export class RoleDocument {
  @IsArray() @IsIn(PERMISSIONS, { each: true }) readonly permissions!: Permission[];
  @Optional() @IsIn(JOB_SCOPES) readonly jobs: JobScope = 'own';
  @Optional() @AsList() @IsArray() @IsString({ each: true }) readonly printers: string[] = [];
  @Optional() @IsArray() @IsIn(FEATURES, { each: true }) readonly features: Feature[] = ['print'];
  @Optional() @IsBoolean() readonly requireIdempotencyKey?: boolean;
  @Optional() @IsBoolean() readonly allowBlank: boolean = false;
  @Optional() @Nested(() => LimitsDocument) readonly limits: LimitsDocument = new LimitsDocument();
}

export class CorsDocument {
  @IsArray() @IsString({ each: true }) readonly origins!: string[];
  @Optional() @IsArray() @IsString({ each: true }) readonly headers: string[] = [];
}

export class PolicyDocument {
  @NestedList(() => IssuerDocument)
  @ArrayNotEmpty()
  readonly issuers!: IssuerDocument[];

  @IsObject() readonly roles!: Record<string, unknown>;

  @Optional() @Nested(() => CorsDocument) readonly cors?: CorsDocument;

  @Optional() @IsArray() @IsString({ each: true }) readonly allowUnknown: string[] = [];
}
