import { AuditConfig } from '#libs/audit';
import { AuthConfig, AuthTlsConfig } from '#libs/auth';
import { CacheConfig } from '#libs/cache';
import { FilesConfig, type SettingsClass } from '#libs/config';
import { IdaasConfig, IdaasTlsConfig } from '#libs/idaas';
import { IdempotencyConfig } from '#libs/idempotency';
import { JobsConfig } from '#libs/jobs';
import { LimitsConfig } from '#libs/limits';
import { ProxyConfig } from '#libs/network';
import { PolicyConfig } from '#libs/policy';
import { SecretKeyConfig } from '#libs/secrets';
import { RedisTlsConfig, StoreConfig } from '#libs/store';
import { LogConfig, TraceConfig } from '#libs/telemetry';
import { GatewayConfig } from './gateway.config.js';
import { HttpConfig } from './server/http.config.js';
import { BodyConfig } from './server/body/body.config.js';
import { EventsConfig } from './jobs/events.config.js';
import { CacheTtlConfig } from './cache-ttl.config.js';
import { StatusPollConfig } from './status/status-poll.config.js';
import { StopConfig } from './management/stop.config.js';
import { TlsConfig } from './server/tls/tls.config.js';
import { ResolutionConfig } from './printing/outcome-resolution/resolution.config.js';

/** Every setting of the gateway, in the order in which the documentation lists them. */
export const SETTINGS: readonly SettingsClass[] = [
  GatewayConfig,
  HttpConfig,
  TlsConfig,
  BodyConfig,
  StopConfig,
  IdaasConfig,
  IdaasTlsConfig,
  ProxyConfig,
  PolicyConfig,
  StoreConfig,
  RedisTlsConfig,
  SecretKeyConfig,
  CacheTtlConfig,
  StatusPollConfig,
  CacheConfig,
  JobsConfig,
  EventsConfig,
  IdempotencyConfig,
  ResolutionConfig,
  LimitsConfig,
  AuthConfig,
  AuthTlsConfig,
  FilesConfig,
  LogConfig,
  TraceConfig,
  AuditConfig,
];
