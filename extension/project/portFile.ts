/** Of a generated project: the choices of the port that made it, as glowport.json has them. */
export const PORT_FILE = '.glowport/port.json';
