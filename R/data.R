# Published figures as data sets of the package; inst/extdata/published holds them as CSV.

#' Published figures of thalidomide in thalassemia
#'
#' Figures of a published study of 62 patients with beta-thalassemia treated with thalidomide, transcribed as printed: all
#' figures that
#' carry decimals are text, so that their rounding is known. Patient rows are not public; nothing here is a patient.
#' `thalidomide_table1` and `thalidomide_table2` can be given to [audit_table()] as they are.
#'
#' @format
#' `thalidomide_table1`: a row a comparison of baseline with a visit.
#' \describe{
#'   \item{phenotype}{`NTDT` (not transfusion-dependent) or `TDT` (transfusion-dependent).}
#'   \item{parameter, unit}{Analyte and its unit.}
#'   \item{month}{Months of treatment: 3, 12 or 24.}
#'   \item{n}{Patients measured at both visits.}
#'   \item{mean_before, sd_before, mean_after, sd_after}{Printed means and standard deviations (text).}
#'   \item{p_value}{Printed P (text).}
#' }
#' `thalidomide_table2`: a row a variable, or a level of one.
#' \describe{
#'   \item{variable, level, unit}{What is compared; `n` holds the numbers of patients. The haemoglobin row is labelled g/dl
#'     in print and holds
#'     g/L, as 63.76 shows.}
#'   \item{statistic}{`count`, `count (%)`, `mean (SD)` or `median (IQR)`.}
#'   \item{main_responder, minor_or_non_responder}{Printed cells (text).}
#'   \item{p_value}{Printed P (text), the same in each level of a variable.}
#' }
#' `thalidomide_text`: figures of the text and abstract.
#' \describe{
#'   \item{key, value, unit}{Name, printed figure (text) and unit.}
#'   \item{population}{The patients it is about.}
#'   \item{note}{What else stands beside it.}
#' }
#' @source Yang et al. (2020), PMC7202343, <https://pmc.ncbi.nlm.nih.gov/articles/PMC7202343>. The CSV files are in
#'   `system.file("extdata", "published", package = "respondr")`.
#' @examples
#' data("thalidomide_table1", "thalidomide_table2", package = "respondr")
#' head(thalidomide_table1)
#' audit_table(thalidomide_table2)
#' @name thalidomide
#' @aliases thalidomide_table1 thalidomide_table2 thalidomide_text
#' @docType data
#' @keywords datasets
NULL

#' Published figures of five chelation regimens
#'
#' What is public of a study of 256 patients with transfusion-dependent beta-thalassemia under five iron chelation
#' regimens: figures
#' of the abstract and a summary. Group sizes, means and standard deviations are not.
#'
#' @format \describe{
#'   \item{key, value, unit}{Name, printed figure (text) and unit.}
#'   \item{population}{The arm it is about.}
#'   \item{note}{What it measures.}
#' }
#' @source Bordbar et al. (2019), Expert Rev Hematol 12:997: abstract and a summary. The CSV file is in
#'   `system.file("extdata", "published", package = "respondr")`.
#' @examples
#' # 41.5 % improved under deferasirox and deferoxamine: of how many?
#' percent_denominators("41.5", limit = 120)
#' @name chelation_text
#' @docType data
#' @keywords datasets
NULL
