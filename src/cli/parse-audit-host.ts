import type { AuditHost } from '../app/audit/open-audit.ts';
import { AppError } from '../errors/app-error.ts';

const HOST = /^(?:(?<user>[A-Za-z0-9_][A-Za-z0-9_.-]*)@)?(?:\[(?<bracketed>[0-9a-fA-F:.]+)\]|(?<plain>[A-Za-z0-9][A-Za-z0-9.:-]*))$/;

/** `user@address`, the address of any form that ssh takes; root where no user is named. */
export function parseAuditHost(input: string): AuditHost {
  const { user = 'root', bracketed, plain } = HOST.exec(input)?.groups ?? {};
  const address = bracketed ?? plain;
  if (address === undefined) throw new AppError('usage', 'it is no machine: write USER@ADDRESS');
  // Addresses of IPv6 have more colons than one.
  if (/^[^:]*:[^:]*$/.test(address))
    throw new AppError('usage', 'it is no machine: a port has no place there', {
      hint: "write USER@ADDRESS, and the port under Host ADDRESS in ssh's own configuration",
    });
  return { user, address };
}
