const PROXY_VARIABLE = /^(?:https?|no|all|ftp)_proxy$/i;
const CREDENTIALS = /\/\/[^/@\s]*@/g;

/** Whether an environment variable names a proxy to the outside, or what goes past it. */
export function isProxyVariable(name: string): boolean {
  return PROXY_VARIABLE.test(name);
}

/** A URL or list of them without user names and passwords. */
export function withoutCredentials(value: string): string {
  return value.replaceAll(CREDENTIALS, '//');
}
