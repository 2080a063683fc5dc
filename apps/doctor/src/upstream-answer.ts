import type { UpstreamResponse } from '#libs/idaas';

/** Whether the API itself has answered, and not something in its place, whose answers are pages. */
export function isOfApi({ contentType, text, status }: UpstreamResponse): boolean {
  const isJson = /^application\/(.+\+)?json\b/i.test(contentType);
  return isJson || (text === '' && status >= 400 && contentType === '');
}
