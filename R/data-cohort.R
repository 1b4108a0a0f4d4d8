#' Stored reconstructed cohorts of three studies
#'
#' **Synthetic patients**: no person stands behind any row. Each cohort was made by [reconstruct_cohort()] from the printed figures
#' of a study (and from what had to be assumed, which its specification marks); it reproduces those figures, and is one of very
#' many that do. Use it to show an analysis, never to learn about patients.
#'
#' @param study `"thalidomide"`, `"chelation"` or `"myocardial_iron"`.
#' @return A cohort as of [reconstruct_cohort()], with its specification (needs the package yaml) as attribute `spec`.
#'
#' @section thalidomide: 62 patients of Yang et al. (2020) \doi{10.4084/MJHID.2020.021}. Everything in Tables 1 and 2 and the text
#'   that a patient can carry comes back, to every printed decimal, but for what is released: the P of age and of duration in
#'   Table 2, which do not follow from the means and SDs beside them, and two P of Table 1 (haemoglobin in TDT and red cells in NTDT
#'   at 24 months) that hold only at a correlation of 1 and with every mean and SD rounded the same way. The P of sex cannot
#'   follow from its counts and is no figure of the spec.
#'
#' | column | what it holds | unit, values |
#' |---|---|---|
#' | `synthetic`, `cohort`, `id` | always `TRUE`; 1; `S01` to `S62` | |
#' | `phenotype`, `sex`, `spleen` | phenotype, sex, splenic status | |
#' | `dose_start` | initial dose of thalidomide | mg/day |
#' | `follow_up` | months of treatment in classes; who has visits at 12 and 24 months | |
#' | `response_3`, `response_last` | class of response at 3 months and at the last follow-up: `none`, `minor`, `main` | NTDT: rise of Hb below 1, 1 to 2, above 2 g/dL; TDT: transfusions reduced by less than half, by half or more, free of them |
#' | `age`, `duration` | age; duration of treatment | years; months |
#' | `hb_0`, `hb_3`, `hb_12`, `hb_24` | haemoglobin at 0, 3, 12 and 24 months | g/dL |
#' | `rbc_*`, `hbf_*`, `nrbc_*`, `ret_*` | red cells, fetal haemoglobin, nucleated red cells, reticulocytes | 10^12/L, %, %, % |
#' | `mcv_*`, `mch_*`, `mchc_*` | red cell indices | fL, pg, g/L |
#' | `tbil_*`, `ibil_*`, `ldh_*`, `sf_*` | total and indirect bilirubin, lactate dehydrogenase, serum ferritin | umol/L, umol/L, IU/L, ng/mL |
#' | `units_0`, `units_3` | red cell units transfused a year, before and on treatment (TDT) | units/year |
#' | `spleen_size_0`, `spleen_size_3` | spleen size of 14 responders with a spleen | cm2 |
#'
#'   The analytes are drawn apart: haemoglobin is not red cells times their haemoglobin, since the tables do not determine it.
#'
#' @seealso [cohort_figures()], [cohort_long()]
#' @examples
#' x <- stored_cohort("thalidomide")
#' x
#' compare_paired(hb_3 ~ 1, baseline = hb_0, data = x, by = phenotype)
#' @export
stored_cohort <- function(study) {
  call <- environment()
  check_word(study, c("thalidomide", "chelation", "myocardial_iron"), "study", call)
  path <- function(end) system.file("extdata", paste0("cohort_", study, end), package = "respondr", mustWork = TRUE)
  data <- utils::read.csv(path(".csv"), colClasses = c(id = "character"), check.names = FALSE)
  spec <- if (requireNamespace("yaml", quietly = TRUE)) read_cohort_spec(path(".yaml"))
  for (name in names(spec$variables)) {
    if (inherits(spec$variables[[name]], "respondr_category")) data[[name]] <- factor(data[[name]], spec$variables[[name]]$levels)
  }
  structure(data, class = c("respondr_cohort", "data.frame"), spec = spec, seed = c(1L, 0L), released = readLines(path("_released.txt")))
}
