/** Help of a command: one line for lists, and for `--help` what it does and how it is used. */
export interface Description {
  readonly brief: string;
  readonly text?: string;
  readonly examples: readonly string[];
  /** Where the usage line that is made from the parameters would not say it. */
  readonly usage?: readonly string[];
}

/** What stricli takes of it. */
export interface Docs {
  readonly brief: string;
  readonly fullDescription: string;
  readonly customUsage?: readonly string[];
}

/** The form in which stricli takes a description. */
export function describeCommand({ brief, text, examples, usage }: Description): Docs {
  const sentence = text ?? `${brief.charAt(0).toUpperCase()}${brief.slice(1)}.`;
  const fullDescription = [sentence, '', 'EXAMPLES', ...examples.map((example) => `  ${example}`)].join('\n');
  return { brief, fullDescription, ...(usage !== undefined && { customUsage: usage }) };
}
