/** The vendor's answer to a resumption (issuance-api 5.46). */
export class ResumePrintJobApiResponse {
  /**
   * The id of the print job.
   * @example '2f6c1c52-5f0e-4f3b-9a55-4f3f5a8c0d11'
   */
  readonly printJobId!: string;
}
