/** Asks on the terminal. The question's package is loaded only for it: most commands ask nothing. */
export async function askOnTerminal(question: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const agreed = await confirm({ message: question, initialValue: false });
  return !isCancel(agreed) && agreed;
}
