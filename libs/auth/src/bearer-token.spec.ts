import { InvalidToken, MissingToken } from './auth.problems.js';
import { bearerToken, presentedToken } from './bearer-token.js';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvbGdhIn0.c2lnbmF0dXJl';
const OPAQUE = 'mF_9.B5f-4.1JqM~+/=';
const withHeader = (authorization?: string) => ({ headers: { authorization } });

describe('the access token of a request', () => {
  it.each([
    [`Bearer ${TOKEN}`, TOKEN],
    [`bearer  ${TOKEN} `, TOKEN],
    [`Bearer ${OPAQUE}`, OPAQUE],
    [TOKEN, TOKEN],
    [OPAQUE.repeat(2).replace('=', ''), OPAQUE.repeat(2).replace('=', '')],
  ])('stands in %s', (authorization, token) => expect(bearerToken(withHeader(authorization))).toBe(token));

  it.each([
    undefined,
    '',
    'Basic',
    'SCRAM-SHA-256',
    'Basic b2xnYTpvbGdhb2xnYW9sZ2E=',
    `Token ${TOKEN}`,
    `${TOKEN},${TOKEN}`,
    `${TOKEN} x`,
  ])('is missing in %s', (authorization) => {
    expect(bearerToken(withHeader(authorization))).toBeNull();
    expect(() => presentedToken(withHeader(authorization))).toThrow(MissingToken);
  });

  it.each(['Bearer', 'Bearer ', 'bearer', `Bearer ${TOKEN} x`])('is malformed in %s', (authorization) =>
    expect(() => presentedToken(withHeader(authorization))).toThrow(InvalidToken),
  );
});
