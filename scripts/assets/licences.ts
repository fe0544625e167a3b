/** Collects the licences of everything by others that the built site ships. */
export interface Credit { kind: 'fonts' | 'icons' | 'runtime' | 'packages'; title: string; version: string; by: string; licence: string; url?: string; text?: string }
