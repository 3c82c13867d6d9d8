/** @returns `2027-01-01 12:30Z`, or undefined for null */
export const minute = (time: string | null): string | undefined =>
  time === null ? undefined : `${time.slice(0, 16).replace('T', ' ')}Z`;

/** @param text names separated by commas or spaces */
export const splitList = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean);
