/**
 * What the directory knows beside the standard: which entries the settings have made, so that none but these are removed
 * when the settings no longer name them. The object identifiers are below 2.25, of a random UUID, which needs no registration.
 * @source https://www.itu.int/en/ITU-T/asn1/Pages/UUID/uuids.aspx
 */
const arc = "2.25.188505147446788435978198799441765843280";

export const ownSchema = `
attributetype ( ${arc}.1 NAME 'roostOrigin'
  DESC 'What has made the entry and keeps it up'
  EQUALITY caseIgnoreMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
objectclass ( ${arc}.2 NAME 'roostEntry' SUP top AUXILIARY
  DESC 'An entry that the settings of the environment have made'
  MUST roostOrigin )`;

/** Value of `roostOrigin` of what the settings have made. */
export const settingsOrigin = "settings";
