# The reconstructed cohort of Yang et al. 2020 (doi:10.4084/MJHID.2020.021): the spec. Reads the transcribed tables from the
# folder given as `tables`; thalidomide_cohort.R stores the cohort.

thalidomide_spec <- function(tables) {
  read <- function(name) utils::read.csv(file.path(tables, paste0("thalidomide_", name, ".csv")), colClasses = "character",
    encoding = "UTF-8")
  table1 <- read("table1")
  table2 <- read("table2")
  text <- read("text")
  said <- stats::setNames(text$value, text$key)
  visits <- c("0", "3", "12", "24")

  # Measured in everybody who comes, or in some of them as Table 1's n say; a value at 12 or 24 months needs the visit.
  full <- list("0" = "all", "3" = "all", "12" = "over_12", "24" = "over_24")
  some <- list("0" = "free", "3" = "free", "12" = "free", "24" = "free")
  variables <- list(
    phenotype = cohort_category(c("NTDT", "TDT"), "phenotype: non-transfusion-dependent, transfusion-dependent"),
    sex = cohort_category(c("female", "male"), "sex"),
    spleen = cohort_category(c("splenectomised", "in place"), "splenic status"),
    dose_start = cohort_category(c("50", "100"), "initial dose of thalidomide, mg/day"),
    follow_up = cohort_category(c("3 to 12", "12 to 24", "24 or more"), "months of treatment, in classes"),
    response_3 = cohort_category(c("none", "minor", "main"), "class of response at 3 months"),
    response_last = cohort_category(c("none", "minor", "main"), "class of response at the last follow-up"),
    age = cohort_measure(0, 15, 45, "years", label = "age at enrolment"),
    duration = cohort_measure(1, 3, 37, "months", skewed = TRUE, label = "duration of treatment"),
    hb = cohort_measure(1, 2, 17, "g/dL", visits, known = full, label = "haemoglobin"),
    rbc = cohort_measure(2, 0.8, 9, "10^12/L", visits, known = full, label = "red cells"),
    hbf = cohort_measure(1, 0, 100, "%", visits, known = list("0" = "all", "3" = "free", "12" = "free", "24" = "free"),
      label = "fetal haemoglobin, share of haemoglobin"),
    nrbc = cohort_measure(1, 0, 3000, "%", visits, skewed = TRUE, known = some, label = "nucleated red cells per 100 white cells"),
    ret = cohort_measure(2, 0.01, 50, "%", visits, skewed = TRUE, known = some, label = "reticulocytes"),
    mcv = cohort_measure(1, 40, 110, "fL", visits, known = full, label = "mean cell volume"),
    mch = cohort_measure(1, 10, 40, "pg", visits, known = full, label = "mean cell haemoglobin"),
    mchc = cohort_measure(1, 230, 390, "g/L", visits, known = full, label = "mean cell haemoglobin concentration"),
    tbil = cohort_measure(1, 3, 300, "umol/L", visits, skewed = TRUE, known = some, label = "total bilirubin"),
    ibil = cohort_measure(1, 1, 300, "umol/L", visits, skewed = TRUE,
      known = as.list(stats::setNames(paste0("known(tbil@", visits, ")"), visits)), label = "indirect bilirubin"),
    ldh = cohort_measure(1, 80, 2000, "IU/L", visits[1:2], skewed = TRUE, known = some[1:2], label = "lactate dehydrogenase"),
    sf = cohort_measure(1, 20, 20000, "ng/mL", visits, skewed = TRUE, known = some, label = "serum ferritin"),
    units = cohort_measure(0, 0, 80, "units/year", visits[1:2], known = "phenotype == TDT", label = "red cell units transfused a year"),
    spleen_size = cohort_measure(1, 20, 400, "cm2", visits[1:2], known = "free", label = "spleen size")
  )
  subsets <- list(
    NTDT = "phenotype == NTDT", TDT = "phenotype == TDT",
    over_12 = "follow_up != \"3 to 12\"", over_24 = "follow_up == \"24 or more\"",
    main = "response_last == main"
  )
  cohort_spec(62, variables, rbind(table1_figures(table1), table2_figures(table2), text_figures(said), assumed_figures(visits)),
    thalidomide_limits(visits), subsets, title = "thalidomide for beta-thalassaemia",
    source = "Yang et al. 2020, doi:10.4084/MJHID.2020.021, Tables 1 and 2 and text")
}

# Every row of Table 1: pairs, means, SDs, P of the paired t-test, in the patients measured at both visits.
table1_figures <- function(t) {
  key <- c(Hb = "hb", RBC = "rbc", HbF = "hbf", NRBC = "nrbc", Ret = "ret", MCV = "mcv", MCH = "mch", MCHC = "mchc",
    TBIL = "tbil", IBIL = "ibil", LDH = "ldh", SF = "sf")
  name <- key[t$parameter]
  before <- paste0(name, "@0")
  after <- paste0(name, "@", t$month)
  change <- paste(after, "-", before)
  pairs <- paste0(t$phenotype, " & known(", before, ") & known(", after, ")")
  at <- paste(t$parameter, t$phenotype, t$month)
  one <- function(kind, of, printed, subset, word) cohort_figure(kind, of, printed, subset, name = paste(at, word))
  rbind(one("n", change, t$n, t$phenotype, "n"), one("mean", before, t$mean_before, pairs, "mean before"),
    one("sd", before, t$sd_before, pairs, "SD before"), one("mean", after, t$mean_after, pairs, "mean after"),
    one("sd", after, t$sd_after, pairs, "SD after"), one("p_paired", change, t$p_value, pairs, "P"))
}

# Table 2: last follow-up, main responders against the others.
table2_figures <- function(t) {
  group <- c(main_responder = "main", minor_or_non_responder = "!main")
  part <- function(cell, which) sub(if (which == 1) " .*" else "^[^(]*\\(([^)%]*).*$", if (which == 1) "" else "\\1", cell)
  condition <- c(male = "sex == male", female = "sex == female", NTDT = "NTDT", TDT = "TDT",
    splenectomised = "spleen == splenectomised", "non-splenectomised" = "spleen == \"in place\"")
  quantity <- c(age = "age", duration_of_treatment = "duration", baseline_hb = "hb@0", baseline_hbf = "hbf@0")
  scale <- c(age = 1, duration_of_treatment = 1, baseline_hb = 10, baseline_hbf = 1)
  counts <- t[t$level != "", ]
  means <- t[t$variable %in% names(quantity), ]
  out <- lapply(names(group), function(g) {
    rbind(
      cohort_figure("count", group[[g]], t[[g]][t$variable == "n"], name = paste("Table 2 n", g)),
      cohort_figure("count", condition[counts$level], part(counts[[g]], 1), group[[g]], name = paste("Table 2", counts$level, g, "count")),
      cohort_figure("percent", condition[counts$level], part(counts[[g]], 2), group[[g]], name = paste("Table 2", counts$level, g, "%")),
      cohort_figure("mean", quantity[means$variable], part(means[[g]], 1), group[[g]], scale = scale[means$variable],
        name = paste("Table 2", means$variable, g, "mean")),
      cohort_figure("sd", quantity[means$variable], part(means[[g]], 2), group[[g]], scale = scale[means$variable],
        name = paste("Table 2", means$variable, g, "SD"))
    )
  })
  rbind(out[[1]], out[[2]], cohort_figure("p_groups", paste(quantity[means$variable], "~ main"), means$p_value,
    scale = scale[means$variable], name = paste("Table 2", means$variable, "P")))
}

text_figures <- function(said) {
  said_figure <- function(kind, of, key, subset = "all") cohort_figure(kind, of, said[key], subset, name = paste("text", key))
  pick <- function(keys) unname(keys)
  visits <- function(v) paste0("hb@", v, collapse = ", ")
  rbind(
    said_figure("count", c("NTDT", "TDT", "sex == male", "sex == female", "spleen == splenectomised", "spleen == \"in place\"",
      "dose_start == 50", "dose_start == 100", "over_12", "over_24"),
      c("ntdt", "tdt", "male", "female", "splenectomised", "non_splenectomised", "initial_dose_50mg", "initial_dose_100mg",
        "treated_over_12_months", "treated_over_24_months")),
    said_figure("count", c("response_3 == main", "response_3 == minor", "response_3 == none"),
      c("main_responder_3m", "minor_responder_3m", "non_responder_3m")),
    said_figure("count", c("response_3 == main", "response_3 == minor"), c("transfusion_free_3m", "transfusion_halved_3m"), "TDT"),
    said_figure("percent", "response_3 != none", "overall_response_rate_3m"),
    said_figure("count", c("response_3 == main & response_last == minor", "response_3 == minor & response_last == main"),
      c("long_term_main_to_minor", "long_term_minor_to_main"), "over_12"),
    said_figure("count", "response_3 == main & response_last == main | response_3 == minor & response_last == minor",
      "long_term_unchanged", "over_12"),
    said_figure("mean", c("age", "duration"), c("age_mean", "duration_mean")),
    said_figure("sd", c("age", "duration"), c("age_sd", "duration_sd")),
    cohort_figure(c("min", "max"), "age", c("15", "45"), name = paste("text age", c("min", "max"))),
    cohort_figure(c("min", "max"), "duration", c("3", "37"), name = paste("text duration", c("min", "max"))),
    cohort_figure(c("mean", "sd", "min", "max"), "duration", c("21.9", "6.7", "12", "37"), "over_12",
      name = paste("text over 12 months", c("mean", "SD", "min", "max"))),
    cohort_figure(c("mean", "sd", "min", "max"), "duration", c("30.1", "3.8", "24", "37"), "over_24",
      name = paste("text over 24 months", c("mean", "SD", "min", "max"))),
    said_figure("mean", c("units@0", "units@3"), c("transfusions_before_mean", "transfusions_after_mean")),
    said_figure("sd", c("units@0", "units@3"), c("transfusions_before_sd", "transfusions_after_sd")),
    cohort_figure("p_paired", "units@3 - units@0", "<0.001", name = "text transfusions P"),
    said_figure("mean", "hb@3 - hb@0", "hb_rise_3m_mean", "NTDT"), said_figure("sd", "hb@3 - hb@0", "hb_rise_3m_sd", "NTDT"),
    said_figure("f_visits", visits(c(0, 3, 12)), "rm_anova_0_3_12_ntdt_f", "NTDT"),
    said_figure("f_visits", visits(c(0, 3, 12)), "rm_anova_0_3_12_tdt_f", "TDT"),
    said_figure("f_visits", visits(c(0, 3, 12, 24)), "rm_anova_0_3_12_24_ntdt_f", "NTDT"),
    said_figure("f_visits", visits(c(0, 3, 12, 24)), "rm_anova_0_3_12_24_tdt_f", "TDT"),
    cohort_figure("p_paired", "hb@12 - hb@3", ">0.05", c("NTDT", "TDT"), name = paste("text 3 against 12 months P", c("NTDT", "TDT"))),
    cohort_figure(c("odds_ratio", "or_low", "or_high", "p_logistic"), "main ~ hbf@0",
      said[c("logistic_hbf_or", "logistic_hbf_or_low", "logistic_hbf_or_high")][c(1:3, NA)] |> replace(4, "0.038"), "NTDT",
      name = paste("text HbF", c("odds ratio", "lower limit", "upper limit", "P"))),
    cohort_figure("n", "spleen_size@3 - spleen_size@0", "14", name = "text spleen size n"),
    said_figure("mean", c("spleen_size@0", "spleen_size@3"), c("spleen_size_before_mean", "spleen_size_after_mean")),
    said_figure("sd", c("spleen_size@0", "spleen_size@3"), c("spleen_size_before_sd", "spleen_size_after_sd")),
    cohort_figure("p_paired", "spleen_size@3 - spleen_size@0", "0.493", name = "text spleen size P")
  )
}

# What the paper does not print and a cohort needs: measured sets are nested, responders alone are followed beyond 12 months.
assumed_figures <- function(visits) {
  none <- function(of, name) cohort_figure("count", of, "0", origin = "assumed", name = paste("assumed:", name))
  partial <- c("nrbc", "ret", "tbil", "sf")
  nested <- do.call(rbind, lapply(partial, function(v) rbind(
    none(paste0("known(", v, "@0) & !known(", v, "@3) | known(", v, "@3) & !known(", v, "@0)"), paste(v, "at 0 and 3 months in the same patients")),
    none(paste0("known(", v, "@12) & !(known(", v, "@3) & over_12)"), paste(v, "at 12 months only after 3 and on treatment")),
    none(paste0("known(", v, "@24) & !(known(", v, "@3) & over_24)"), paste(v, "at 24 months only after 3 and on treatment"))
  )))
  rbind(nested,
    none("known(hbf@12) & !(known(hbf@3) & over_12)", "hbf at 12 months only after 3 and on treatment"),
    none("known(hbf@24) & !(known(hbf@3) & over_24)", "hbf at 24 months only after 3 and on treatment"),
    none("known(nrbc@24) & TDT", "no nrbc at 24 months in TDT"), none("known(hbf@24) & TDT", "no hbf at 24 months in TDT"),
    none("known(ldh@0) & !known(ldh@3) | known(ldh@3) & !known(ldh@0)", "ldh at 0 and 3 months in the same patients"),
    none("known(spleen_size@0) & !known(spleen_size@3) | known(spleen_size@3) & !known(spleen_size@0)", "spleen size at both visits"),
    none("known(spleen_size@0) & (spleen == splenectomised | response_3 == none)", "spleen size in responders with a spleen"),
    none("response_3 == none & over_12", "non-responders stop before 12 months"),
    none("!over_12 & !(response_3 == main & response_last == main | response_3 == minor & response_last == minor | response_3 == none & response_last == none)",
      "class at the last follow-up is that at 3 months if treated under 12 months"),
    cohort_figure("count", "over_12", "20", "NTDT", origin = "assumed", name = "assumed: NTDT treated over 12 months as in Table 1"),
    cohort_figure("count", "over_24", "7", "NTDT", origin = "assumed", name = "assumed: NTDT treated over 24 months as in Table 1"))
}

# Classes of response as the paper defines them, patient by patient.
thalidomide_limits <- function(visits) {
  rise <- function(visit, class, who) {
    of <- paste0("hb@", visit, " - hb@0")
    rbind(cohort_limit(of, "2.1", "Inf", paste0(who, " & ", class, " == main")), cohort_limit(of, "1.0", "2.0", paste0(who, " & ", class, " == minor")),
      cohort_limit(of, "-Inf", "0.9", paste0(who, " & ", class, " == none")))
  }
  rbind(
    rise("3", "response_3", "NTDT"),
    rise("12", "response_last", "NTDT & over_12 & !over_24"), rise("24", "response_last", "NTDT & over_24"),
    cohort_limit("units@3", "0", "0", "TDT & response_3 == main"), cohort_limit("units@3", "1", "Inf", "TDT & response_3 != main"),
    cohort_limit("2*units@3 - units@0", "-Inf", "0", "TDT & response_3 == minor"),
    cohort_limit("2*units@3 - units@0", "1", "Inf", "TDT & response_3 == none"),
    cohort_limit("units@0", "4", "Inf", "TDT"),
    cohort_limit("duration", "3", "11.9", "!over_12"), cohort_limit("duration", "12", "23.9", "over_12 & !over_24"), cohort_limit("duration", "24", "37", "over_24"),
    do.call(rbind, lapply(visits, function(v) cohort_limit(paste0("tbil@", v, " - ibil@", v), "0.5", "Inf")))
  )
}

# What does not come back from the row it stands in, or only at r = 1 and extreme rounding.
thalidomide_release <- c("Table 2 age P", "Table 2 duration_of_treatment P", "Hb TDT 24 P", "RBC NTDT 24 P")
