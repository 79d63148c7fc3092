/** Version of the engine: runs recorded by another version replay on this one's terms, and the page says so. Equals package.json's. */
export const engineVersion = '0.1.0';
