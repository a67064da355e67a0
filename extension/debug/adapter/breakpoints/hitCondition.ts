const OPERATORS: Readonly<Record<string, string>> = { '=': '==', '': '>=' };

/**
 * A condition in C that holds at the hits that are meant: `3` from the third on, `==3`, `>3`, `>=3`, `<3`, `<=3`, `%3` at each
 * third. GDB counts in a variable of its own, so that steps over the breakpoint stay steps.
 * @param counter the variable, which is counted up when the condition is looked at
 * @throws Error when it is none of these
 */
export function hitCondition(text: string, counter: string): string {
  const [, operator = '', number] = /^(>=|<=|==|[=><%]?)\s*(\d{1,9})$/.exec(text.trim()) ?? [];
  if (number === undefined || (operator === '%' && Number(number) === 0)) {
    throw new Error(`"${text}" is no count of hits: give 3, ==3, >3, <3 or %3.`);
  }
  if (operator === '%') return `++${counter} % ${number} == 0`;
  return `++${counter} ${OPERATORS[operator] ?? operator} ${number}`;
}
