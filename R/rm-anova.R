#' Repeated-measures analysis of variance
#'
#' Any number of factors within and between patients, and covariates, as a multivariate linear model of the patients who have
#' every visit. The print says first how many patients that leaves out when it is more than a fifth, and [rm_mmrm()] uses them
#' all; [rm_patients()] names them.
#'
#' @section Formula:
#' `hb ~ visit | id`, `hb ~ phenotype * visit | id`, `hb ~ phenotype * visit + Error(id/visit)`, or wide columns
#' `cbind(month0, month3) ~ phenotype`. The factor that varies within ids is the within factor (found from the data, printed);
#' several are named in `within =`. Numeric variables that are constant within ids are covariates, centred at their mean.
#'
#' @section Tests:
#' With Z the measurements times orthonormal contrasts of a within term (d columns), H and E the hypothesis and residual sums of
#' squares and products of Z, N patients and a between model of rank g:
#' * `"anova"`: F = (tr H / df1) / (tr E / df2), df1 = d df_between, df2 = d (N - g); assumes sphericity.
#' * `"greenhouse_geisser"`: both df times (tr E)^2 / (d tr E^2) (Box 1954; Greenhouse and Geisser 1959).
#' * `"huynh_feldt"`: epsilon (N d e - 2) / (d (N - g - d e)), e that of Greenhouse and Geisser, at most 1; the formula SPSS prints
#'   (Huynh and Feldt 1976). `"huynh_feldt_lecoutre"`: (N - g + 1) in place of N (Lecoutre 1991), what SAS prints as HFL. The two
#'   are the same without between factors.
#' * `"lower_bound"`: epsilon 1/d.
#' * `"pillai"`, `"wilks"`, `"hotelling_lawley"`, `"roy"`: multivariate tests of the eigenvalues of H E^-1 with their F
#'   approximations (Rao 1951 for Wilks; an upper bound for Roy); sphericity is not assumed.
#'
#' @section Effect sizes:
#' `partial_eta2` = SS / (SS + SS_error) and `partial_omega2`, with limits from the noncentral F distribution
#' (eta2 = ncp / (ncp + df1 + df2 + 1), Steiger 2004); `generalised_eta2` (Olejnik and Algina 2003) and `generalised_omega2`,
#' with limits of a bootstrap by patient where `replicates` is given. `observed` names the between variables that were measured,
#' not manipulated.
#'
#' @param formula See Formula.
#' @param data A data frame.
#' @param ... Must be empty.
#' @param outcomes Names of outcome columns, as text, with a formula that has no left side: one design, all outcomes.
#' @param within Within factors, where the data do not tell.
#' @param by Columns whose combinations are analysed apart.
#' @param subset A condition on the rows of `data`.
#' @param reference The visit that the contrasts compare with.
#' @param visits The visits wanted, in order; for wide columns their names.
#' @param type Sums of squares of type 1 (sequential), 2 (adjusted for the terms that do not contain it) or 3 (sum-to-zero).
#' @param method Tests wanted, one row each; `"all"` for all.
#' @param effect `"partial_eta2"`, `"partial_omega2"`, `"generalised_eta2"`, `"generalised_omega2"` or `"none"`.
#' @param observed Between variables that were measured (generalised effect sizes only).
#' @param conf_level Confidence level of the effect sizes and of the contrasts made from the result.
#' @param replicates Bootstrap replicates for the generalised effect sizes; 0 for none.
#' @param seed As in [compare_paired()].
#' @param threads Threads; results are the same bits for any number.
#' @param n,mean,sd,r,covariance Summary figures: patients of each group (named), means (groups x visits), and either the
#'   covariance matrix of the visits (one, or a list with one a group) or SDs (groups x visits) with the correlation (a number
#'   or a matrix).
#' @return A data frame of class `respondr_rm_anova`, one row for each outcome, `by` combination, term and method; the columns
#'   are described in [result_columns]. [rm_contrasts()], [rm_means()], [rm_sphericity()], [rm_patients()] and emmeans take it
#'   further.
#' @references Box GEP (1954) \doi{10.1214/aoms/1177728717}. Greenhouse SW, Geisser S (1959) \doi{10.1007/BF02289823}. Huynh H,
#' Feldt LS (1976) \doi{10.3102/10769986001001069}. Lecoutre B (1991) \doi{10.3102/10769986016004371}. Olejnik S, Algina J
#' (2003) \doi{10.1037/1082-989X.8.4.434}. Steiger JH (2004) \doi{10.1037/1082-989X.9.2.164}. Rao CR (1951) Bull Int Stat
#' Inst 33, 177-180.
#' @examples
#' long <- data.frame(
#'   id = rep(1:6, 3), month = rep(c(0, 3, 12), each = 6), sex = rep(c("f", "m"), 9),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6, 9.0, 9.1, 8.8, 9.9, 9.3, 8.5)
#' )
#' rm_anova(hb ~ sex * month | id, long)
#' rm_anova(n = c(a = 20, b = 18), mean = rbind(c(7.9, 9.2, 9.6), c(8.1, 8.4, 8.6)), sd = 1.1, r = 0.6)
#' @export
rm_anova <- function(formula = NULL, data = NULL, ..., outcomes = NULL, within = NULL, by = NULL, subset = NULL,
                     reference = NULL, visits = NULL, type = 3,
                     method = c("anova", "greenhouse_geisser", "huynh_feldt"), effect = "partial_eta2",
                     observed = NULL, conf_level = 0.95, replicates = 0, seed = NULL,
                     threads = getOption("respondr.threads", 1L), n = NULL, mean = NULL, sd = NULL, r = NULL,
                     covariance = NULL) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  words <- anova_words(type, method, effect, conf_level, replicates, threads, call)
  if (is.null(formula)) {
    input <- rm_input_figures(n, mean, sd, r, covariance, reference, visits, call)
  } else {
    frame <- as_data(data, call)
    env <- parent.frame()
    input <- rm_input(formula, data, outcome_words(substitute(outcomes), frame, env, call), names_or_null(select_columns(substitute(within), frame, env, "within", call)),
      select_columns(substitute(by), frame, env, "by", call), substitute(subset), reference, visits, call)
  }
  words$observed <- check_observed(observed, input, call)
  words$seed <- if (words$replicates > 0) new_seed(seed, call)
  solve_rm_anova(input, words, call)
}

anova_univariate <- c("anova", "greenhouse_geisser", "huynh_feldt", "huynh_feldt_lecoutre", "lower_bound")
anova_multivariate <- c("pillai", "wilks", "hotelling_lawley", "roy")
anova_effects <- c("none", "partial_eta2", "partial_omega2", "generalised_eta2", "generalised_omega2")

anova_words <- function(type, method, effect, conf_level, replicates, threads, call) {
  if (!is.numeric(type) || length(type) != 1L || !type %in% 1:3) {
    stop_input("word", paste0("`type` must be 1, 2 or 3, not ", given_value(type), "."), "type", call)
  }
  all <- c(anova_univariate, anova_multivariate)
  list(
    type = as.integer(type),
    method = if (identical(method, "all")) all else check_words(method, all, "method", call),
    effect = check_word(effect, anova_effects, "effect", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    replicates = check_whole(replicates, "replicates", call, 0, 1e7),
    threads = check_threads(threads, call)
  )
}

check_observed <- function(observed, input, call) {
  unknown <- setdiff(observed, input$between_names)
  if (length(unknown)) {
    stop_input("observed", c(paste0("`observed` names ", quoted(unknown), ", which is no variable between patients."),
      i = if (length(input$between_names)) paste0("They are ", quoted(input$between_names, 12), ".")), "observed", call)
  }
  as.character(observed)
}
