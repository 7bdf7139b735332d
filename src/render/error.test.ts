import { expect, it } from 'vitest';
import { errorJson } from '../contract/error.ts';
import { AppError } from '../errors/app-error.ts';
import { renderError } from './error.ts';
import { paintFor } from './paint.ts';

it('says what, with its code, the details and what to do next', () => {
  const error = new AppError('cluster-file-invalid', 'cluster.yaml has 1 problem', {
    details: ["cluster.yaml:12:9: advertise-address is a node's value\n  write it under the node"],
  });
  expect(renderError(errorJson(error), paintFor(false))).toMatchInlineSnapshot(`
    "error: cluster.yaml has 1 problem [cluster-file-invalid]
      cluster.yaml:12:9: advertise-address is a node's value
        write it under the node
    next: mend what is listed and run the command again
    "
  `);
  expect(renderError(errorJson(error), paintFor(true))).toContain('\u001B[31m');
});
