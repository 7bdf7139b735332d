/** Asks on the terminal. The question's package is loaded only for it: most commands ask nothing. */
export async function askOnTerminal(question: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const agreed = await confirm({ message: question, initialValue: false });
  return !isCancel(agreed) && agreed;
}

/** Asks for what is not to be shown, beside the command's answer. */
export async function askSecretOnTerminal(question: string): Promise<string | undefined> {
  const { password, isCancel } = await import('@clack/prompts');
  const given = await password({ message: question, output: process.stderr });
  return isCancel(given) ? undefined : given;
}
