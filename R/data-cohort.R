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
#'   Table 2, which do not follow from the means and SDs beside them, and two P of Table 1 at 24 months, which hold only at extremes of
#'   rounding: haemoglobin in TDT needs a correlation above 0.998 (the rounded figures themselves ask for 1.04), red cells in NTDT
#'   one above 0.81 (the rounded figures: 1.06) with means and SDs rounded the one favourable way. The P of sex cannot
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
#' @section chelation: 256 patients in five regimens, after the public summary of Bordbar et al. (2019), Expert Rev Hematol
#'   12:997-1003. It prints no group sizes, means or SDs. 41.5 % can be 17 of 41, 22 of 53, 27 of 65 and more, 30 % is 18 of 60 among
#'   many: here 53 and 60, the sizes nearest to a fifth of 256, with 50, 46 and 47 in the other arms. **Assumed** besides: sizes,
#'   means, SDs, correlations, responders of three arms, the spread of the change of bone density in the arms without a printed P, an
#'   upward change of the Z-score. Met as printed: the two rates, four P within arms, no significant
#'   difference of changes between any two arms (nor in an analysis of variance).
#'
#' | column | what it holds | unit, values |
#' |---|---|---|
#' | `arm`, `sex`, `age` | regimen, sex, age | years |
#' | `improved` | serum ferritin at least 30 % lower at 12 months | `no`, `yes` |
#' | `sf_0`, `sf_12` | serum ferritin | ng/mL |
#' | `bmd_lumbar_*`, `bmd_neck_*`, `z_lumbar_*` | bone mineral density of lumbar spine and femoral neck, Z-score of lumbar spine | g/cm2, g/cm2, SD |
#'
#' @section myocardial_iron: 65 patients in two studies. `study == "Myocardial-IRON"`: 53 patients of Nunez et al. (2020)
#'   \doi{10.1161/JAHA.119.014254}; printed adjusted means of T2* and T1 at days 7 and 30 come back as means, since both arms are
#'   given the same baseline, and so do the baseline quartiles; arms of 27 and 26, SDs and correlations are **assumed** (SDs those
#'   that the printed intervals imply at a correlation of 0.7 with baseline, so that intervals and P come back about, not to every
#'   decimal). `study == "invented"`: 12 patients, **invented** throughout; of the pooled study (\doi{10.1002/ejhf.3730}) only
#'   n and directions are at hand: with higher ferritin a smaller fall of myocardial T2*, a larger one in the spleen.
#'
#' | column | what it holds | unit, values |
#' |---|---|---|
#' | `study`, `arm`, `sex`, `age` | study, `placebo` or `FCM` (ferric carboxymaltose), sex, age | years |
#' | `nt_probnp`, `ferritin`, `tsat` | at baseline: NT-proBNP, serum ferritin, transferrin saturation | pg/mL, ng/mL, % |
#' | `t2_0`, `t2_7`, `t2_30`, `t1_*` | myocardial T2* and T1 at days 0, 7, 30 (30: first study only) | ms |
#' | `spleen_t2_0`, `spleen_t2_7` | splenic T2* (**assumed**) | ms |
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
