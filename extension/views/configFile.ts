/** Name of the file that remembers a port; here too so that the schema-heavy workflow/config.ts loads only when used. */
export const CONFIG_NAME = 'glowport.json';
