# Two studies of ferric carboxymaltose and myocardial iron. First: Nunez et al. 2020 (doi:10.1161/JAHA.119.014254), printed
# adjusted means of T2* and T1 at days 7 and 30 and baseline quartiles. Arms of 27 and 26, equal baselines, SDs and correlations are
# assumed: SDs are those that the printed intervals imply if a visit correlates 0.7 with baseline. Second: 12 patients, invented:
# of the pooled study (doi:10.1002/ejhf.3730) only n and directions are at hand.

myocardial_iron_spec <- function(tables) {
  audit <- file.path(tables, "..", "..", "references", "audit_nunez2020_myocardial_iron.json")
  reported <- jsonlite::read_json(audit, simplifyVector = TRUE)$reported
  visits <- c("0", "7", "30")
  assumed <- function(kind, of, printed, subset = "all", ...) cohort_figure(kind, of, printed, subset, origin = "assumed", ...)
  first <- c(FCM = "first & arm == FCM", placebo = "first & arm == placebo")
  # The interval of a mean at 50 degrees of freedom gives the residual SD, 1 / sqrt(1 - 0.7^2) times that the SD.
  implied <- function(x, n) (x[3] - x[2]) / 2 / stats::qt(0.975, 50) * sqrt(n) / sqrt(1 - 0.49)
  one <- function(name, key, arm, day, decimals) {
    x <- reported[[paste0(key, "_d", day)]][if (arm == "FCM") 1:3 else 4:6]
    n <- c(FCM = 27, placebo = 26)[[arm]]
    of <- paste0(name, "@", day)
    rbind(cohort_figure("mean", of, sprintf(paste0("%.", decimals, "f"), x[1]), first[[arm]], name = paste(key, "day", day, arm, "mean")),
      assumed("sd", of, sprintf("%.1f", implied(x, n)), first[[arm]], name = paste(key, "day", day, arm, "SD")),
      assumed("r", paste0(name, "@0, ", of), "0.70", first[[arm]], name = paste(key, "day", day, arm, "r with baseline")))
  }
  adjusted <- do.call(rbind, lapply(names(first), function(arm) do.call(rbind, lapply(c("7", "30"), function(day) {
    rbind(one("t2", "T2star", arm, day, 1), one("t1", "T1", arm, day, 0))
  }))))
  quartiles <- function(of, x) cohort_figure(c("median", "q1", "q3"), of, x, "first", name = paste("baseline", of, c("median", "quartile 1", "quartile 3")))
  same_start <- do.call(rbind, lapply(first, function(arm) rbind(
    assumed(c("mean", "sd"), "t2@0", c("39.5", "7.4"), arm), assumed(c("mean", "sd"), "t1@0", c("1080", "38"), arm))))
  # First study and second alike: higher ferritin, smaller fall of myocardial T2*, larger of splenic T2*.
  direction <- rbind(
    assumed("r", "ferritin, t2@7 - t2@0", "0.35", "arm == FCM & first"), assumed("r", "ferritin, spleen_t2@7 - spleen_t2@0", "-0.40", "arm == FCM & first"),
    assumed("r", "ferritin, t2@7 - t2@0", "0.45", "second"), assumed("r", "ferritin, spleen_t2@7 - spleen_t2@0", "-0.50", "second"))
  second <- rbind(
    assumed(c("mean", "sd"), "t2@0", c("36.8", "6.9"), "second"), assumed(c("mean", "sd"), "t2@7", c("34.1", "6.4"), "second"),
    assumed(c("mean", "sd"), "t1@0", c("1092", "35"), "second"), assumed(c("mean", "sd"), "t1@7", c("1071", "33"), "second"),
    assumed(c("mean", "sd"), "ferritin", c("78", "51"), "second"), assumed(c("mean", "sd"), "age", c("71", "8"), "second"),
    assumed(c("mean", "sd"), "tsat", c("16.1", "5.9"), "second"), assumed(c("mean", "sd"), "nt_probnp", c("1820", "1150"), "second"))
  spleen <- rbind(
    assumed(c("mean", "sd"), "spleen_t2@0", c("45.0", "13.0"), "arm == FCM"), assumed(c("mean", "sd"), "spleen_t2@7", c("33.0", "12.0"), "arm == FCM"),
    assumed(c("mean", "sd"), "spleen_t2@0", c("45.0", "13.0"), "arm == placebo"), assumed(c("mean", "sd"), "spleen_t2@7", c("44.6", "13.0"), "arm == placebo"))
  cohort_spec(65, list(
    study = cohort_category(c("Myocardial-IRON", "invented"), "study; the second is invented"),
    arm = cohort_category(c("placebo", "FCM"), "placebo or ferric carboxymaltose"), sex = cohort_category(c("female", "male"), "sex"),
    age = cohort_measure(0, 40, 95, "years", label = "age"),
    nt_probnp = cohort_measure(0, 100, 20000, "pg/mL", skewed = TRUE, label = "NT-proBNP at baseline"),
    ferritin = cohort_measure(0, 5, 300, "ng/mL", skewed = TRUE, label = "serum ferritin at baseline"),
    tsat = cohort_measure(1, 3, 45, "%", label = "transferrin saturation at baseline"),
    t2 = cohort_measure(1, 10, 75, "ms", visits, known = list("30" = "first"), label = "myocardial T2*"),
    t1 = cohort_measure(0, 900, 1300, "ms", visits, known = list("30" = "first"), label = "myocardial T1"),
    spleen_t2 = cohort_measure(1, 3, 110, "ms", visits[1:2], label = "splenic T2*")
  ), rbind(
    assumed("count", c("first", "second"), c("53", "12")), assumed("count", "arm == FCM", c("27", "12"), c("first", "second")),
    assumed("count", "sex == female", "17"), adjusted, same_start,
    quartiles("age", c("73", "65", "78")), quartiles("nt_probnp", c("1690", "1010", "2828")), quartiles("ferritin", c("63", "22", "114")),
    quartiles("tsat", c("15.7", "11.0", "19.2")), direction, second, spleen
  ), subsets = list(first = "study == \"Myocardial-IRON\"", second = "study == invented"),
  title = "myocardial iron after ferric carboxymaltose, two studies, the second invented",
  source = "Nunez et al. 2020, doi:10.1161/JAHA.119.014254; SDs, correlations and all of the second study assumed")
}

myocardial_iron_release <- character()
