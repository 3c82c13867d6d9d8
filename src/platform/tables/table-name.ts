/** @returns a platform table as SQL */
export const tableSql = (name: 'api_key' | 'app_secret' | 'signing_key'): string => `"portolan"."${name}"`;
