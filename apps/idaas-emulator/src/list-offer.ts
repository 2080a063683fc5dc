/** The lists that the upstream offers. */
export const LISTS = ['pages', 'whole'] as const;
export type List = (typeof LISTS)[number];

/** By what pages can be searched; by the first they can be ordered as well. */
export const LIST_ATTRIBUTES = ['Created On', 'Printer ID'] as const;

/** Which lists there are at the moment, and which names of attributes the paged one knows. Tests change it. */
export interface ListOffer {
  lists: readonly string[];
  attributes: readonly string[];
}
