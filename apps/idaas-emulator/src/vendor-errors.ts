/** The operation whose errors have a shape of their own (issuance-api 5.46, `ErrorInfo`). */
const AUTHENTICATE = 'authenticate';

/** An error as the vendor's document describes it for this operation: `ErrorInfo` for authenticate, `Error` for all else. */
export function vendorError(operation: string | undefined, code: string, message: string): object {
  return operation === AUTHENTICATE
    ? { errorCode: code, errorMessage: message, parameters: [] }
    : { code, message };
}
