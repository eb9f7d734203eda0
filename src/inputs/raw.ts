/** The inputs in a runner's environment: INPUT_AWS-REGION is `aws-region` (spaces became underscores). */
export function inputsOf(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const inputs = new Map<string, string>();
  for (const [variable, value] of Object.entries(environment)) {
    const name = /^INPUT_(.+)$/i.exec(variable)?.[1];
    if (name !== undefined && value !== undefined) inputs.set(name.toLowerCase(), value);
  }
  return inputs;
}
