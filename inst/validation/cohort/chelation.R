# The reconstructed cohort of Bordbar et al. 2019 (Expert Rev Hematol 12:997-1003), five chelation regimens. The public
# summary prints no group sizes, means or SDs: what it prints is met, everything else is assumed and marked so.

chelation_arms <- c("DFX", "DFO", "DFP", "DFO+DFP", "DFX+DFO")

chelation_spec <- function(tables) {
  t <- utils::read.csv(file.path(tables, "chelation.csv"), colClasses = "character")
  said <- function(key, who) t$value[t$key == key & t$population == who]
  visits <- c("0", "12")
  # 41.5 % is 17 of 41, 22 of 53, 27 of 65, ...; 30 % is 18 of 60, among others: the sizes nearest to a fifth of 256.
  size <- c(DFX = 60, DFO = 50, DFP = 46, "DFO+DFP" = 47, "DFX+DFO" = 53)
  improved <- c(DFO = 16, DFP = 14, "DFO+DFP" = 17)
  arm <- function(a) paste0("arm == \"", a, "\"")
  assumed <- function(kind, of, printed, subset = "all", ...) {
    cohort_figure(kind, of, as.character(printed), subset, origin = "assumed", ...)
  }
  pairs <- utils::combn(chelation_arms, 2)
  apart <- function(of) {
    assumed("p_groups", paste0(of, " ~ arm == \"", pairs[1, ], "\""), ">0.05", paste0("arm %in% c(\"", pairs[1, ], "\", \"", pairs[2, ], "\")"),
      name = paste("between groups not significant:", of, pairs[1, ], "and", pairs[2, ]))
  }
  moments <- function(name, mean, sd) rbind(assumed("mean", paste0(name, "@", visits), mean), assumed("sd", paste0(name, "@", visits), sd))
  figures <- rbind(
    assumed("count", arm(names(size)), size),
    cohort_figure("percent", "improved == yes", said("sf_improved_30pct", c("DFX+DFO")), arm("DFX+DFO"), name = "30 % better in DFX+DFO"),
    cohort_figure("percent", "improved == yes", said("sf_improved_30pct", "DFX"), arm("DFX"), name = "30 % better in DFX"),
    assumed("count", "improved == yes", improved, arm(names(improved))),
    assumed("count", "sex == female", "132"),
    assumed(c("mean", "sd"), "age", c("21.5", "6.2")),
    moments("sf", c("2510", "2090"), c("1780", "1560")),
    moments("bmd_lumbar", c("0.812", "0.824"), c("0.128", "0.127")),
    moments("bmd_neck", c("0.735", "0.741"), c("0.121", "0.122")),
    moments("z_lumbar", c("-2.13", "-2.04"), c("1.12", "1.10")),
    cohort_figure("p_paired", "bmd_lumbar@12 - bmd_lumbar@0", said("bmd_lumbar_p", "DFX"), arm("DFX"), name = "lumbar BMD in DFX, P"),
    cohort_figure("p_paired", "bmd_lumbar@12 - bmd_lumbar@0", said("bmd_lumbar_p", "DFX+DFO"), arm("DFX+DFO"), name = "lumbar BMD in DFX+DFO, P"),
    cohort_figure("p_paired", "bmd_neck@12 - bmd_neck@0", said("bmd_femoral_neck_p", "DFX+DFO"), arm("DFX+DFO"), name = "femoral neck BMD in DFX+DFO, P"),
    cohort_figure("p_paired", "z_lumbar@12 - z_lumbar@0", said("bmd_lumbar_z_p", "DFX+DFO"), arm("DFX+DFO"), name = "lumbar Z in DFX+DFO, P"),
    apart("sf@12 - sf@0"), apart("bmd_lumbar@12 - bmd_lumbar@0"), apart("bmd_neck@12 - bmd_neck@0"),
    # Where no P is printed the change spreads as in all patients; else it may come out with nearly no spread.
    assumed("sd", "bmd_lumbar@12 - bmd_lumbar@0", "0.036", arm(names(improved))),
    assumed("sd", "bmd_neck@12 - bmd_neck@0", "0.034", arm(names(improved))),
    # The P is printed without a direction: upward, as the bone mineral density of the same patients.
    assumed("mean", "z_lumbar@12 - z_lumbar@0", "0.13", arm("DFX+DFO")),
    assumed("r", "bmd_lumbar@0, bmd_lumbar@12", "0.96"), assumed("r", "bmd_neck@0, bmd_neck@12", "0.96"),
    assumed("r", "z_lumbar@0, z_lumbar@12", "0.95")
  )
  limits <- rbind(
    cohort_limit("10*sf@12 - 7*sf@0", "-Inf", "0", "improved == yes"), cohort_limit("10*sf@12 - 7*sf@0", "1", "Inf", "improved == no")
  )
  cohort_spec(256, list(
    arm = cohort_category(chelation_arms, "regimen"), sex = cohort_category(c("female", "male"), "sex"),
    improved = cohort_category(c("no", "yes"), "serum ferritin at least 30 % lower at 12 months"),
    age = cohort_measure(0, 8, 45, "years", label = "age"),
    sf = cohort_measure(0, 100, 15000, "ng/mL", visits, skewed = TRUE, label = "serum ferritin"),
    bmd_lumbar = cohort_measure(3, 0.3, 1.5, "g/cm2", visits, label = "bone mineral density, lumbar spine"),
    bmd_neck = cohort_measure(3, 0.3, 1.5, "g/cm2", visits, label = "bone mineral density, femoral neck"),
    z_lumbar = cohort_measure(1, -7, 3, "SD", visits, label = "Z-score, lumbar spine")
  ), figures, limits, title = "five chelation regimens in beta-thalassaemia",
  source = "Bordbar et al. 2019, Expert Rev Hematol 12:997, public summary; group sizes, means and SDs assumed")
}

chelation_release <- character()
