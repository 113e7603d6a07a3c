/**
 * The 27 member states of the European Union, by their codes in ISO 3166-1 (so Greece is `GR`, not the Union's own `EL`).
 *
 * Source: Treaty on European Union, article 52, as it stands since 1 February 2020; Publications Office of the European
 * Union, Interinstitutional Style Guide, section 7.1.
 */
export const EU_STATES: readonly string[] = [
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES'],
  ...['FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT', 'LT', 'LU'],
  ...['LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
];
