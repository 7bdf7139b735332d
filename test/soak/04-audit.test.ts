import { describe } from 'vitest';
import { corruptionTests } from '../lab-support/corruptions/corruption-tests.ts';
import { corruptions } from '../lab-support/corruptions/corruptions.ts';

/** Issue 7, bar 3, whole. */
describe('one broken thing is found by name on machines, and nothing else is reported', () => {
  corruptionTests(corruptions);
});
