import { pathToFileURL } from 'node:url';
import { allProblems } from './generated-docs.js';

const load = (path) => import(pathToFileURL(`dist/${path}`).href);

/** The OpenAPI document of the build, as it is written into the project. */
export async function openapi() {
  const { loadConfig } = await load('libs/config/src/index.js');
  const { SETTINGS } = await load('apps/gateway/src/settings.js');
  const { createGateway } = await load('apps/gateway/src/create-gateway.js');
  const { openapiDocument } = await load('apps/openapi/src/openapi-document.js');
  const nowhere = {
    IDAAS_BASE_URL: 'http://127.0.0.1:9',
    IDAAS_APPLICATION_ID: 'x',
    IDAAS_SHARED_SECRET: 'x',
  };
  const app = await createGateway(loadConfig(SETTINGS, { ...nowhere, LOG_LEVEL: 'silent' }));
  return `${JSON.stringify(openapiDocument(app, await allProblems()), null, 2)}\n`;
}
