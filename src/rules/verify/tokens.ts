const ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)/g;
const HOST_NAME = /[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?/g;

/** The IPv4 addresses in a text, whole: 10.0.0.1 is not in 10.0.0.11. */
export function addressesIn(text: string): ReadonlySet<string> {
  return new Set(text.match(ADDRESS) ?? []);
}

/** The words of a text that may be a host's name, whole: `api` is not in `api.demo.internal`, `w-1` not in `w-12`. */
export function hostNamesIn(text: string): ReadonlySet<string> {
  return new Set(text.match(HOST_NAME) ?? []);
}
